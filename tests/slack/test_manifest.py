"""The manifest asks for what the code uses, and for no more."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.slack
from bot.slack.manifest import SCOPES, bot_events, bot_scopes, manifest

EVENT_SCOPES = {
    "agent_session_stopped": "assistant:write",
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "file_shared": "files:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
}
"""From Slack's reference; every event that is subscribed, with the scope it needs."""

METHOD_SCOPES = {
    "api_test": None,
    "apps_connections_open": None,
    "assistant_threads_setStatus": "assistant:write",
    "assistant_threads_setSuggestedPrompts": "assistant:write",
    "assistant_threads_setTitle": "assistant:write",
    "auth_test": None,
    "chat_appendStream": "chat:write",
    "chat_delete": "chat:write",
    "chat_getPermalink": None,
    "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write",
    "chat_startStream": "chat:write",
    "chat_stopStream": "chat:write",
    "chat_stream": "chat:write",
    "chat_update": "chat:write",
    "conversations_history": "channels:history",
    "conversations_info": "channels:read",
    "conversations_open": "im:write",
    "conversations_replies": "channels:history",
    "files_info": "files:read",
    "reactions_add": "reactions:write",
    "reactions_get": "reactions:read",
    "reactions_remove": "reactions:write",
    "usergroups_users_list": "usergroups:read",
    "users_info": "users:read",
    "views_open": None,
    "views_publish": None,
    "views_push": None,
    "views_update": None,
}
"""From Slack's reference; None where a token of any scope will do."""


def _methods_called() -> Iterator[str]:
    """Every Web API method that a module under bot/slack calls by name."""
    from slack_sdk.web.async_client import AsyncWebClient

    methods = {n for n in dir(AsyncWebClient) if "_" in n.strip("_") and not n.startswith("_")}
    methods -= {"api_call"}
    for path in Path(bot.slack.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in methods:
                yield node.attr


def test_manifest_asks_for_the_scopes_that_the_code_names() -> None:
    assert bot_scopes() == SCOPES.keys()


def test_every_method_called_is_covered_by_a_scope() -> None:
    called = set(_methods_called())
    assert called <= METHOD_SCOPES.keys()
    assert {METHOD_SCOPES[method] for method in called} - {None} <= bot_scopes()


def test_every_event_is_covered_by_a_scope() -> None:
    assert bot_events() == EVENT_SCOPES.keys()
    assert {scope for scope in EVENT_SCOPES.values() if scope} <= bot_scopes()


def test_agent_view_socket_mode_and_buttons_are_on() -> None:
    features, settings = manifest()["features"], manifest()["settings"]
    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert 1 <= len(features["agent_view"]["suggested_prompts"]) <= 4
    assert "assistant_view" not in features  # New apps are refused it.
    assert [c["command"] for c in features["slash_commands"]] == ["/ask", "/ingest", "/articles"]
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["socket_mode_enabled"] is True


@pytest.mark.parametrize("base_url", ["https://desk.example", "https://desk.example/"])
def test_over_http_slack_is_told_where_to_call(base_url: str) -> None:
    over_http = manifest(base_url=base_url)
    url, settings = "https://desk.example/slack/events", over_http["settings"]
    assert settings["socket_mode_enabled"] is False
    assert settings["event_subscriptions"]["request_url"] == url
    assert settings["event_subscriptions"]["bot_events"] == sorted(bot_events())
    assert settings["interactivity"]["request_url"] == url
    assert {command["url"] for command in over_http["features"]["slash_commands"]} == {url}
    assert manifest()["settings"]["socket_mode_enabled"] is True


def test_texts_are_as_short_as_slack_wants_them() -> None:
    made = manifest()
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(made["features"]["agent_view"]["agent_description"]) <= 300
    assert all(len(c["description"]) <= 2_000 for c in made["features"]["slash_commands"])

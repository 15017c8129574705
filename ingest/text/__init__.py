"""Plain text: from bytes to characters, paragraphs, sentences, and what is no part of a story."""

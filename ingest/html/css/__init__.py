"""As much of CSS as it takes to tell what a browser would not show."""

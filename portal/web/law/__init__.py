"""Parts of the page on changes of law."""

"""The HTML of a field → Markdown, and whether two fields look the same."""

"""What `ankipress init` writes."""

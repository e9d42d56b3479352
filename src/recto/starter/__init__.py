"""What `recto init` writes."""

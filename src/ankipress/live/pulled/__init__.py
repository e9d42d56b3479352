"""What a pull writes into a project."""

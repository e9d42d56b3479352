"""Text → entries: what an author wrote, cut into questions and answers."""

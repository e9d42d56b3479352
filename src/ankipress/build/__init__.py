"""From a project to packages: the list of stages, what is remembered per card, and workers."""

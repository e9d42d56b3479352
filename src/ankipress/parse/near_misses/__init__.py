"""What an author nearly wrote: marks that mean nothing as they stand. One module for each kind."""

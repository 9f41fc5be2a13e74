"""Sample articles and questions on them, written for this project."""

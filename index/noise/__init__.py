"""What is noise on a news page: a line by its own words (`lines`), and lines by their place (`link_lists`)."""

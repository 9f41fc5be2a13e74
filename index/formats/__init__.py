"""The formats that articles come in, each a module: bytes in, an `Article` out, made by `origin.make_article`."""

"""The chat page on http://127.0.0.1:7860, with the sample articles where the library is still empty."""

import sys

from assistant.cli import main

if __name__ == "__main__":
    sys.exit(main(["chat", "--samples", *sys.argv[1:]]))

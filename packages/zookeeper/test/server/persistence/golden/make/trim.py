"""Cuts the zeros off a log file: what is written ends with 0x42, so no other zero is lost."""
import sys

for path in sys.argv[1:]:
    with open(path, "rb") as file:
        content = file.read().rstrip(b"\0")
    with open(path, "wb") as file:
        file.write(content)

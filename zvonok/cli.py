"""Where the program starts: Ctrl+C is made calm before anything that takes time is loaded."""

from importlib import import_module

from zvonok.called_as import called_as
from zvonok.interrupts import calm_interrupts


def main() -> None:
    """Run the command line (``zvonok.program``)."""
    with calm_interrupts():
        # Loaded only now: whoever changes their mind while libraries are read gets a line, not a traceback.
        import_module("zvonok.program").program(prog_name=called_as())


if __name__ == "__main__":
    main()

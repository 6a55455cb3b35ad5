"""``python -m bench NAME``: run one measurement by the name of its module."""

import pkgutil
import sys
from importlib import import_module

import bench


def main(arguments: list[str]) -> int:
    """Run ``bench.NAME.main()``; without a known name, list them."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
    if len(arguments) != 1 or arguments[0] not in names:
        print("python -m bench NAME; NAME is one of: " + ", ".join(names))
        return 2
    import_module(f"bench.{arguments[0]}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

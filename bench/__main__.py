"""``python -m bench NAME``: run one measurement by the name of its module; with ``--quick`` only show that it runs."""

import pkgutil
import sys
from importlib import import_module

import bench

QUICK = "--quick"


def main(arguments: list[str]) -> int:
    """Run ``bench.NAME.main()``; without a known name, list them."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
    name, *options = arguments or [""]
    if name not in names or options not in ([], [QUICK]):
        print(f"python -m bench NAME [{QUICK}]; NAME is one of: " + ", ".join(names))
        return 2
    module = import_module(f"bench.{name}")
    if not options:
        module.main()
    elif hasattr(module, "quick"):
        module.quick()
    else:
        print(f"{name} has no {QUICK}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

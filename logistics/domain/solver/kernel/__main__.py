"""Makes machine code at set-up: says how long it took, and prints the file that is there then."""

import sys
import time

from logistics.domain.solver.kernel.compiling import cache_folder
from logistics.domain.solver.kernel.warming import DONE, warm


def main() -> None:
    began_s = time.monotonic()
    warm()
    print(f"Machine code is there after {time.monotonic() - began_s:.0f} s.", file=sys.stderr)
    print(cache_folder() / DONE)


if __name__ == "__main__":
    main()

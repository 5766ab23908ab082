"""Makes machine code at set-up: says how long it took, and prints the file that is there then."""

import sys
import time

from matching.domain.kernel.compiling import FOLDER
from matching.domain.kernel.warming import DONE, warm


def main() -> None:
    began_s = time.monotonic()
    warm()
    print(f"Machine code is there after {time.monotonic() - began_s:.0f} s.", file=sys.stderr)
    print(FOLDER / DONE)


if __name__ == "__main__":
    main()

"""Makes the machine code of the matching search at set-up."""

from backend.common.machine_code import set_up
from matching.domain.kernel.compiling import FOLDER
from matching.domain.kernel.warming import warm

if __name__ == "__main__":
    set_up(warm, FOLDER)

"""Makes the machine code of the routing search at set-up."""

from backend.common.machine_code import set_up
from logistics.domain.solver.kernel.compiling import FOLDER
from logistics.domain.solver.kernel.warming import warm

if __name__ == "__main__":
    set_up(warm, FOLDER)

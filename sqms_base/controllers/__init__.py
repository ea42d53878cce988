from . import quality
from . import ledger

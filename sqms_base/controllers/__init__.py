from . import document
from . import ledger
from . import quality

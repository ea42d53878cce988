from . import test_lib
from . import test_engine
from . import test_measure
from . import test_restatement
from . import test_access
from . import test_workbook
from . import test_tour

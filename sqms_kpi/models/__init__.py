from . import optional_float
from . import sqms_indicator_engine
from . import sqms_indicator
from . import sqms_indicator_trace
from . import sqms_measure
from . import sqms_measure_restatement

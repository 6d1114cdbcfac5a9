from ..base import base_models

inner_value = [len(base_models)]

"""Types that models are given."""

from ais_bench._user_packages import extend

extend(__name__)

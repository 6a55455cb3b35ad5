"""Chance that is the same on every machine and every Python, unlike the standard library's, which promises less."""

from collections.abc import Sequence
from typing import Final

_MULTIPLIER: Final = 6_364_136_223_846_793_005
_INCREMENT: Final = 1_442_695_040_888_963_407
_MASK: Final = (1 << 64) - 1


class Dice:
    """A linear congruential generator with Knuth's constants; its upper half is what is thrown."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK
        self.below(2)

    def below(self, end: int) -> int:
        """Throw a whole number from 0, below ``end``."""
        self._state = (self._state * _MULTIPLIER + _INCREMENT) & _MASK
        return (self._state >> 32) * end >> 32

    def pick[T](self, things: Sequence[T]) -> T:
        """Pick one of the things."""
        return things[self.below(len(things))]

    def chance(self, percent: int) -> bool:
        """Say yes so many times of a hundred."""
        return self.below(100) < percent

    def weighted[T](self, things: Sequence[tuple[T, int]]) -> T:
        """Pick one of (thing, weight)."""
        left = self.below(sum(weight for _, weight in things))
        for thing, weight in things:
            left -= weight
            if left < 0:
                return thing
        raise AssertionError("the weights add up to more than was thrown")

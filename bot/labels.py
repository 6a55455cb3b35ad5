"""Names on buttons: short, and no two the same in one class. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence

from core.russian import FullName

type Naming = Callable[[FullName], str]


def labels_of(names: Sequence[FullName]) -> tuple[str, ...]:
    """Label the pupils of a class list: «Иванова А.», and only as much more as tells namesakes apart.

    First the given name in full, then the initial of the patronymic, then the patronymic; whoever is still alike gets
    the number in the class list.
    """
    labels = [name.on_buttons() for name in names]
    for naming in (_with_given, _with_initial, _with_patronymic):
        alike = _alike(labels)
        labels = [naming(name) if label in alike else label for name, label in zip(names, labels, strict=True)]
    alike = _alike(labels)
    return tuple(f"{label}, № {place}" if label in alike else label for place, label in enumerate(labels, start=1))


def _alike(labels: Sequence[str]) -> frozenset[str]:
    return frozenset(label for label, times in Counter(labels).items() if times > 1)


def _with_given(name: FullName) -> str:
    return name.in_lists()


def _with_initial(name: FullName) -> str:
    return f"{name.in_lists()} {name.patronymic[:1]}." if name.patronymic else name.in_lists()


def _with_patronymic(name: FullName) -> str:
    return name.in_full()

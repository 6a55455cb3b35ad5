from bot.labels import labels_of
from core.russian import FullName


def test_a_surname_and_an_initial_are_enough() -> None:
    names = [FullName("Иванова", "Анна", "Петровна"), FullName("Иванов", "Антон", "Ильич")]
    assert labels_of(names) == ("Иванова А.", "Иванов А.")


def test_namesakes_get_only_as_much_as_tells_them_apart() -> None:
    names = [
        FullName("Иванова", "Алина", "Олеговна"),
        FullName("Иванова", "Анна", "Ильинична"),
        FullName("Иванова", "Анна", "Петровна"),
        FullName("Петров", "Борис"),
    ]
    assert labels_of(names) == ("Иванова Алина", "Иванова Анна И.", "Иванова Анна П.", "Петров Б.")


def test_the_patronymic_in_full_when_its_initial_is_not_enough() -> None:
    names = [FullName("Ким", "Лев", "Петрович"), FullName("Ким", "Лев", "Павлович")]
    assert labels_of(names) == ("Ким Лев Петрович", "Ким Лев Павлович")


def test_full_namesakes_get_their_number_in_the_class_list() -> None:
    names = [FullName("Ким", "Лев", "Ильич"), FullName("Ким", "Лев", "Ильич"), FullName("Ким", "Лев")]
    assert labels_of(names) == ("Ким Лев Ильич, № 1", "Ким Лев Ильич, № 2", "Ким Лев")


def test_an_empty_class_has_no_labels() -> None:
    assert labels_of([]) == ()

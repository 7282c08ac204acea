"""Countries, languages and time zones by name, in both languages of the site."""

from django.utils.translation import override

from canut.people import places, rules


def test_every_country_has_a_name_in_both_languages():
    assert len(places.country_choices()) == 249
    with override("fr"):
        french = dict(places.country_choices())
    assert (french["DE"], places.country_name("DE")) == ("Allemagne", "Germany")
    assert all(french.values())


def test_accents_do_not_send_a_name_to_the_end_of_the_list():
    with override("fr"):
        names = [name for _code, name in places.country_choices()]
    assert names.index("Égypte") < names.index("Fidji") < names.index("Zambie")


def test_every_language_offered_is_one_that_can_be_kept():
    codes = [code for code, _name in places.language_choices()]
    assert len(codes) == len(set(codes)) > 90
    assert all(rules.languages_are_usable([code]) for code in codes)
    assert {"fr", "en", "pt-BR", "zh-Hans", "am", "wo"} <= set(codes)


def test_a_language_is_named_in_the_reader_s_and_in_its_own():
    assert places.language_name("de") == "German (Deutsch)"
    with override("fr"):
        assert places.language_name("yo") == "Yoruba (Yorùbá)"


def test_time_zones_are_places_and_utc():
    zones = dict(places.time_zone_choices())
    assert {"Europe/Paris", "America/Argentina/Buenos_Aires", "UTC"} <= set(zones)
    assert "Etc/GMT+3" not in zones

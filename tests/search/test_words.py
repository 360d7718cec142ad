"""Words as they are looked for: which meet, and which do not."""

import pytest

from apps.core.arabic import folded
from apps.search.words import spellings, stem_lists, stems, words_of


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("مُلتقى", "ملتقي"),
        ("الإسكوا", "الاسكوا"),
        ("مسؤولية", "مسوولية"),
        ("شئون", "شيون"),
        ("شركاء", "شركا"),
        ("مَـــرحبا", "مرحبا"),
        ("کتاب", "كتاب"),
        ("پاريس", "باريس"),
        ("أگادير", "اكادير"),
        ("٢٠٢٥", "2025"),
        ("۲۰۲۵", "2025"),
        ("ﻻجئ", "لاجي"),
        ("آلية", "ا\u0653لية"),  # a letter that is not composed yet
        ("Économie", "economie"),
        ("سنـ\u200cـة", "سنة"),
    ],
)
def test_spellings_of_one_word_fold_to_the_same(written, same):
    assert folded(written) == folded(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Clitics
        ("مهاجر", "وبالمهاجرات"),
        ("لاجئ", "للاجئين"),
        ("بيروت", "ببيروت"),
        ("عضو", "كعضو"),
        ("هجرة", "فالهجرة"),
        ("عامل", "وعمال"),
        ("حاجة", "بحاجة"),
        ("وثيقة", "الوثيقة"),
        ("آلية", "الآليات"),
        # Endings
        ("منظمة", "والمنظمات"),
        ("سياسة", "سياستنا"),
        ("هجرة", "هجرتهم"),
        ("تجربة", "تجاربهم"),
        ("ممثل", "ممثلو"),
        ("مندوب", "مندوبي"),
        ("إنسان", "إنسانية"),
        ("إقليمي", "إقليمياً"),
        ("مسؤول", "المسؤولية"),
        ("لغة", "لغات"),
        ("فئة", "فئات"),
        # Irregular plurals
        ("حد", "الحدود"),
        ("عامل", "العمال"),
        ("نقابة", "للنقابات"),
        ("دولة", "الدول"),
        ("امرأة", "النسائية"),
        ("رؤية", "رؤى"),
        ("سنة", "سنوات"),
        ("مغربي", "المغاربة"),
        # English
        ("migrant", "Migrants"),
        ("policy", "policies"),
        ("NGO", "NGOs"),
        ("stakeholder", "stakeholder’s"),
    ],
)
def test_forms_of_one_word_meet(one, other):
    assert set(stems(one)) & set(stems(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("اجتماع", "اجتماعية"),  # meeting, social
        ("مدني", "مدن"),  # civil, cities
        ("دولة", "دولي"),  # state, international
        ("لبنان", "لبن"),
        ("رسوم", "رسمي"),  # fees, official
        ("عمل", "عملية"),  # work, process
        ("حدود", "حديد"),
        ("نقابة", "رقابة"),
        ("migrant", "migration"),
    ],
)
def test_other_words_do_not_meet(one, other):
    assert not set(stems(one)) & set(stems(other))


@pytest.mark.parametrize("word", ["في", "والتي", "the", "ومن", "إِلى"])
def test_words_of_every_text_have_no_stem(word):
    assert stems(word) == ()


def test_each_word_knows_its_place():
    text = "في نواكشوط، ٢٠٢٥: NGOs"

    assert [(text[word.start : word.end], word.stems) for word in words_of(text)] == [
        ("في", ()),
        ("نواكشوط", ("نواكشوط",)),
        ("٢٠٢٥", ("2025",)),
        ("NGOs", ("ngo",)),
    ]
    assert stem_lists(text) == [("نواكشوط",), ("2025",), ("ngo",)]


def test_a_spelling_is_kept_as_it_was_written_without_marks():
    assert list(spellings("المُهاجِرون في 2026")) == [("مهاجرون", "مهاجرون")]
    assert list(spellings("إقامةٌ")) == [("اقامه", "إقامة")]


def test_a_word_without_an_end_is_cut():
    assert stems("ب" * 5000)[0] == "ب" * 60

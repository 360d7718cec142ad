"""Documents in numbers: invented good practices, found among 2,000 others that speak of the same things."""

import random

from apps.reviews.models import GoodPractice

# Words of the field in the forms in which texts have them. None is a rare word of a target; many share its roots.
_ARABIC = """
المهاجرين مهاجر الهجرة وهجرة اللاجئين لاجئ العمل عمل وعمال العمال عاملة الحقوق حق حقوق منظمة المنظمات ومنظمات نقابة النقابات
مراجعة المراجعة المراجعات إقليمية الإقليمي سياسات السياسة البلديات بلدية المدينة مدن القرية اجتماع الاجتماعات لقاء تقرير
تقارير توصية التوصيات مشاورة المشاورات دولة الدول الحكومة حكومات الأسرة أسر الأطفال طفل النساء المرأة الشباب شاب مشروع
مشاريع البرنامج برامج خدمة الخدمات الصحة التعليم مدرسة الطريق طرق الحدود الأمن الماء المناخ كارثة أزمة الأزمات السكن بيوت
صندوق التمويل المال تحويل الكلفة رسوم العقد عقود الأجر أجور مهنة المهارات شهادة التدريب ورشة مركز المراكز مكتب مكاتب وثيقة
الوثائق قانون القوانين اتفاق الاتفاقية الشراكة شركاء المجتمع المحلي المدني الدولي الوطنية العالمي الأمم هدف الأهداف نهج
مبدأ بيانات الأرقام دراسة بحث الجامعة الصحافة كلمة لغة الترجمة السفر عودة العائدين الجالية المغتربين مساعدة الحماية
القنصلية تجربة تجارب ممارسة جيدة دليل سوق البحر السكان الموسم اللجنة المجلس رئيس عضو الأعضاء صوت سؤال أسئلة جواب
""".split()
_ENGLISH = """
migrants migration labour workers rights organisations union unions review reviews regional policy policies municipalities
city cities village meeting meetings report reports recommendation recommendations consultation state states government
family families children women youth project projects programme service services health education school road border borders
water climate disaster crisis housing fund funding money transfer cost fees contract contracts wage wages skills training
workshop centre centres office document documents law laws agreement partnership partners society local civil international
national global goal goals approach principle data figures study research university press word language translation travel
return returning community assistance protection consular experience practice good guide market sea season committee council
member members voice question questions answer paper papers group rooms plain farm farmers song event events shade
""".split()
_SMALL = {"ar": ["في", "من", "على", "عن", "إلى"], "en": ["in", "of", "on", "for", "with"]}


def others(count: int) -> list[GoodPractice]:
    """So many practices, the same at each run."""
    dice = random.Random(20)  # noqa: S311 - no secret
    return [_other(dice, ("ar", "en")[number % 2]) for number in range(count)]


def _other(dice: random.Random, language: str) -> GoodPractice:
    return practice(language, _sentence(dice, language, 7), " ".join(_sentence(dice, language, 9) for _ in range(5)))


def _sentence(dice: random.Random, language: str, length: int) -> str:
    words = _ARABIC if language == "ar" else _ENGLISH
    found = dice.sample(words, length)
    found.insert(length // 2, dice.choice(_SMALL[language]))
    return f"{' '.join(found)}."


def practice(language: str, title: str, text: str) -> GoodPractice:
    texts = {f"title_{language}": title, f"summary_{language}": text}
    return GoodPractice(state=GoodPractice.State.PUBLISHED, source="https://practices.example.org/", **texts)

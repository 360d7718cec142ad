"""What people of the region type, and the text that they mean by it. Written for this table; the texts are invented.

Each target is (language, title, body, queries); a query is (what it tries, what is typed).
"""

TARGETS = [
    ("ar", "مراجعةٌ إقليميةٌ جديدةٌ في نواكشوط", "يلتقي فيها ممثلو البلديات على ضفة النهر.", [
        ("morphology", "المراجعات في نواكشوط"), ("spelling", "مراجعه اقليميه نواكشوط"),
        ("synonym", "الاستعراض الإقليمي نواكشوط"), ("english synonym", "regional review نواكشوط"),
    ]),
    ("ar", "بوصلة العمّال الموسميين في مزارع الفراولة", "دليل عن الأجور والسكن لمن يقطفون الثمار.", [
        ("plural", "عامل موسمي"), ("feminine", "العاملات الموسميات"), ("slip", "العمال الموسمين"),
        ("plural", "مزرعة فراولة"), ("clitic", "وللعمال الموسميين"), ("spelling", "عمال موسميون فراوله"),
    ]),
    ("ar", "نقابة عمال البناء تفتح مكتباً للشكاوى", "تستقبل الشكاوى مساء كل خميس.", [
        ("plural", "نقابات البناء"), ("clitic", "للنقابة شكاوي"), ("plural", "شكوى نقابية"),
        ("slip", "نفابة البناء"), ("spelling", "نقابه عمال البنا"), ("clitic", "بالنقابات البناء"),
    ]),
    ("ar", "حدود القرى وآبارها: من يرسم الخريطة؟", "نزاع قديم على الماء بين قريتين.", [
        ("plural", "حد القرية"), ("plural", "خرائط القرى"), ("plural", "بئر قرية"), ("clitic", "وحدودها القرى"),
    ]),
    ("ar", "منظمات شبابية ترسم جداريات عن العودة", "شباب من خمس مدن يلوّنون الجدران.", [
        ("plural", "منظمة جدارية"), ("plural", "شاب جداريات"), ("clitic", "وبالجداريات"), ("slip", "جداريلت شبابية"),
        ("spelling", "منظمات شبابيه جداريات"),
    ]),
    ("ar", "اللاجئون وأشجار الزيتون", "حكاية موسم قطاف في التلال.", [
        ("clitic", "للاجئين زيتون"), ("spelling", "اللاجيين والزيتون"), ("singular", "لاجئ زيتون"),
        ("plural", "شجرة زيتون"), ("slip", "الاجئين الزيتون"), ("slip", "الزيتوون"),
    ]),
    ("ar", "هجرتُنا في أغاني الجدّات", "أرشيف صوتي لأغاني السفر.", [
        ("pronoun", "هجرة أغنية"), ("plural", "اغاني الجدات"), ("singular", "أغنية جدة هجرة"), ("slip", "ارشيف صوتى"),
        ("marks", "هِجرَة الجَدّات"),
    ]),
    ("ar", "سياساتنا السكنية بعد الزلزال", "ما تعلمته البلديات عن الإيواء.", [
        ("singular", "سياسة سكنية زلزال"), ("plural", "زلازل سكن"), ("clitic", "وسياستهم السكنية"),
        ("spelling", "سياسه السكن الزلزال"),
    ]),
    ("ar", "تجاربُ قنصليّةٌ في إصدار الهويات", "قنصليات متنقلة تزور الأحياء البعيدة.", [
        ("plural", "تجربة قنصلية"), ("plural", "هوية قنصليات"), ("singular", "حي بعيد قنصلية"), ("slip", "قنصليه هوياتت"),
    ]),
    ("ar", "مؤتمرٌ للصحفيين عن لغة الخبر", "كيف نكتب عن الغرق بلا أرقام باردة.", [
        ("hamza", "موتمر الصحفيين"), ("plural", "مؤتمرات صحافة"), ("plural", "أخبار لغة الصحفي"), ("slip", "مؤتمر الصحفين"),
        ("spelling", "موءتمر الصحفيين لغه الخبر"),
    ]),
    ("ar", "مسؤولية أصحاب العمل عن رسوم الاستقدام", "لا يدفع العامل ثمن عمله.", [
        ("hamza", "مسووليه رسوم الاستقدام"), ("plural", "مسؤول رسم استقدام"), ("synonym", "أرباب العمل استقدام"),
        ("clitic", "والاستقدام رسوم"), ("slip", "رسوم الاستقدم"),
    ]),
    ("ar", "شؤون المفقودين في البحر", "باب واحد لأسر تسأل عن أبنائها.", [
        ("hamza", "شوون المفقودين"), ("singular", "شأن مفقود بحر"), ("plural", "أسرة مفقود"), ("hamza", "شئون المفقودين"),
        ("slip", "المفقوين في البحر"),
    ]),
    ("ar", "الآليات المحلية لفض النزاعات على المياه", "مجالس صلح في الواحات.", [
        ("singular", "آلية محلية مياه"), ("hamza", "اليات محليه الماء"), ("plural", "مجلس صلح واحة"), ("singular", "نزاع ماء"),
    ]),
    ("ar", "رؤى النساء عن السوق الأسبوعية", "بائعات يقترحن مظلات ومواعيد جديدة.", [
        ("plural", "رؤية امرأة سوق"), ("plural", "المرأة والأسواق"), ("hamza", "روى النسا السوق"), ("feminine", "بائعة سوق أسبوعي"),
    ]),
    ("ar", "أطفالٌ يروون الطريق إلى المدرسة", "حافلة تقطع الوادي كل صباح.", [
        ("singular", "طفل طريق مدرسة"), ("plural", "مدارس الأطفال الوادي"), ("hamza", "اطفال يروون"), ("clitic", "وللأطفال حافلات"),
    ]),
    ("ar", "قوارب الصيد ومعاهدة الجيران", "صيادون من ضفتين يتفقون على موسم واحد.", [
        ("singular", "قارب صياد"), ("plural", "معاهدات جار"), ("plural", "قوارب الصيادين"), ("slip", "قوراب الصيد"),
    ]),
    ("ar", "التحويلات المالية في ثلاث قرى جبلية", "كيف يصل المال كاملاً.", [
        ("synonym", "الحوالات المالية الجبل"), ("english", "remittances قرى"), ("english synonym", "remittances"),
        ("plural", "تحويل مالي جبل"),
    ]),
    ("ar", "عاملات المنازل يكتبن دستور المطبخ", "ورشة كتابة عن الراحة والأجر.", [
        ("synonym", "العمالة المنزلية دستور"), ("english synonym", "domestic workers"), ("singular", "عاملة منزل مطبخ"),
        ("plural", "دساتير المطابخ"),
    ]),
    ("ar", "الاتفاق العالمي في كتيّب للبحّارة", "ثلاثة وعشرون هدفاً في صفحات مقاومة للماء.", [
        ("synonym", "الميثاق العالمي بحارة"), ("english synonym", "GCM البحارة"), ("english synonym", "Global Compact بحار"),
        ("spelling", "الاتفاق العالمى للبحاره"),
    ]),
    ("ar", "جاليات المهجر تموّل مستوصف القرية", "طبيبان وقابلة وصيدلية صغيرة.", [
        ("singular", "جالية مستوصف"), ("synonym", "المغتربون مستوصف"), ("plural", "طبيب مستوصف"), ("english synonym", "diaspora مستوصف"),
    ]),
    ("ar", "عائدون يزرعون الصبّار", "مشروع صغير في أرض حجرية.", [
        ("singular", "عائد صبار"), ("plural", "مشاريع الصبار"), ("hamza", "عايدون الصبار"), ("plural", "أراضي حجرية صبار"),
    ]),
    ("ar", "لبنانيون وسوريون في فرقة مسرح واحدة", "عرض متنقل بين المدن الساحلية.", [
        ("nisba", "لبنان سوريا مسرح"), ("nisba", "لبناني وسوري"), ("clitic", "بلبنان مسرح"), ("plural", "مدينة ساحل مسرح"),
    ]),
    ("ar", "طلبةٌ أفارقةٌ يؤسسون نادياً للشعر", "قصائد بثلاث لغات في قاعة الجامعة.", [
        ("plural", "طالب إفريقي"), ("plural", "طلاب أفريقي شعر"), ("plural", "قصيدة جامعة"), ("hamza", "طلبه افارقه"),
    ]),
    ("ar", "بياناتٌ عن الهجرة الموسمية في ٢٠٢٥", "أرقام البلديات مفتوحة للجميع.", [
        ("digits", "بيانات 2025 موسمية"), ("singular", "بيان موسمي ٢٠٢٥"), ("digits", "۲۰۲۵ الهجرة الموسمية"),
    ]),
    ("ar", "كتابٌ مسموعٌ عن قانون العمل", "فصول قصيرة للهاتف.", [
        ("plural", "كتب مسموعة"), ("plural", "قوانين العمل مسموع"), ("clitic", "والكتاب المسموع"), ("plural", "هواتف كتاب"),
    ]),
    ("ar", "مُلتقى المترجمين الفوريين", "تدريب على مصطلحات الهجرة.", [
        ("marks", "ملتقى المترجمين"), ("yeh", "ملتقي المترجمين"), ("singular", "مترجم فوري"), ("tatweel", "ملـتـقـى المترجمـين"),
    ]),
    ("ar", "دور البلديات في إيواء القاصرين", "بيت انتقالي بجوار المدرسة.", [
        ("singular", "بلدية قاصر"), ("synonym", "السلطات المحلية القصر إيواء"), ("hamza", "ايواء القاصرين"), ("plural", "بيوت انتقالية"),
    ]),
    ("ar", "تقرير الظل عن مراكز الاحتجاز", "اثنتا عشرة زيارة وملاحظات المحامين.", [
        ("plural", "تقارير الظل"), ("singular", "مركز احتجاز"), ("plural", "محامي احتجاز"), ("slip", "مراكز الاحتجلز"), ("slip", "تقرير اظل"),
    ]),
    ("ar", "مبادئ التعاقد العادل مع البحّارة الجدد", "عقد من صفحة واحدة.", [
        ("singular", "مبدأ التعاقد العادل"), ("plural", "عقود البحارة"), ("hamza", "مبادى التعاقد"),
    ]),
    ("ar", "السيدة نجاح العطار تتسلم رئاسة اللجنة", "كلمة عن الصبر والأرشيف.", [
        ("name", "نجاح العطار"), ("name", "العطار نجاح"), ("plural", "لجان العطار"), ("name slip", "نجاح العصار"),
    ]),
    ("ar", "صندوق كفالة للعاملات الوافدات", "ضمان جماعي يغني عن الكفيل.", [
        ("plural", "صناديق الكفالة"), ("synonym", "الكفيل صندوق"), ("english synonym", "kafala صندوق"), ("singular", "وافدة كفالة"),
    ]),
    ("ar", "المناخ وقوافل الرعاة", "مواسم الجفاف تغيّر طرق الرعي.", [
        ("synonym", "تغير المناخ الرعاة"), ("singular", "قافلة راعي"), ("plural", "طريق الرعي"),
    ]),
    ("ar", "وثيقة سفر للعالقين في المطارات", "مكتب واحد وثلاث خطوات.", [
        ("plural", "وثائق سفر العالقين"), ("singular", "عالق مطار"), ("plural", "مكاتب خطوة سفر"), ("clitic", "ووثيقة العالق"),
    ]),
    ("ar", "الأمم المتحدة تنشر دليلاً للإيقاع الصوتي", "نبرة هادئة عند المقابلة.", [
        ("synonym", "UN الإيقاع الصوتي"), ("plural", "أدلة إيقاع"), ("english synonym", "United Nations إيقاع"),
    ]),
    ("ar", "اجتماعٌ في كانون الثاني عن الموازنة", "بنود النقل والترجمة.", [
        ("month", "اجتماع يناير الموازنة"), ("month", "جانفي الموازنة"), ("plural", "اجتماعات موازنة بند"),
    ]),
    ("en", "Seaweed farmers write to their municipality", "A letter about nets, shade and fair prices.", [
        ("english", "seaweed farming"), ("english", "letters municipalities seaweed"), ("english slip", "seawed farmers"),
        ("english", "farmer's seaweed"),
    ]),
    ("en", "Bakeries that employ returnees", "Twelve ovens, one cooperative.", [
        ("english", "bakery returnee"), ("english slip", "bakerys returnees"), ("english slip", "cooperatve ovens"),
    ]),
    ("en", "Lighthouse keepers and missing boats", "A register kept by hand since spring.", [
        ("english", "lighthouse keeper boat"), ("english slip", "lighthose keepers"), ("english", "registers lighthouse"),
    ]),
    ("en", "What NGOs asked of the advisory group", "Quiet rooms, early papers, plain words.", [
        ("english", "NGO quiet room"), ("synonym", "RSAG quiet rooms"), ("arabic synonym", "الفريق الاستشاري quiet"),
        ("english", "plain word papers"),
    ]),
    ("en", "Migrant workers' choir sings in four harbours", "Rehearsals on Fridays.", [
        ("arabic synonym", "العمالة الوافدة choir"), ("english", "choirs harbour"), ("english", "migrant worker singing"),
        ("english slip", "chior harbours"),
    ]),
    ("en", "Économie sociale and the date palm", "Notes from a French-speaking oasis.", [
        ("accents", "economie sociale"), ("accents", "économie palm"), ("english", "date palms oases"),
    ]),
    ("en", "IMRF side event on lullabies", "Songs carried across five borders.", [
        ("synonym", "International Migration Review Forum lullabies"), ("english", "lullaby song"),
        ("arabic synonym", "منتدى استعراض الهجرة الدولية lullaby"),
    ]),
    ("en", "Paragraph RR2024/R3 on bicycle lanes", "How a recommendation became a road.", [
        ("symbol", "RR2024/R3"), ("english", "bicycles lane recommendation"), ("english slip", "bicicle lanes"),
    ]),
    ("en", "Visa queues and the weather", "A study of shade at consulates.", [
        ("arabic synonym", "التأشيرة weather"), ("english", "visas queue"), ("english", "shade consulate studies"),
    ]),
]  # fmt: skip

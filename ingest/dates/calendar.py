"""The days of the calendar, and the names of months and weekdays in the languages of news."""

import unicodedata
from collections import Counter
from datetime import date
from functools import cache

_SHORTEST_ABBREVIATION = 3

_MONTHS = """
January February March April May June July August September October November December
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
Januar Februar März April Mai Juni Juli August September Oktober November Dezember
Jänner Feber Märzen April Mai Juni Juli August September Oktober November Dezember
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
januar februar mars april mai juni juli august september oktober november desember
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta
heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
ledna února března dubna května června července srpna září října listopadu prosince
januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
január február március április május június július augusztus szeptember október november december
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
януари февруари март април май юни юли август септември октомври ноември декември
јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра
Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου
Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر
جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর
ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்
มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม
"""
"""Twelve of each language, in the form that stands in a date."""

_WEEKDAYS = """
Monday Tuesday Wednesday Thursday Friday Saturday Sunday
lundi mardi mercredi jeudi vendredi samedi dimanche
Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonnabend Sonntag
lunes martes miércoles jueves viernes sábado domingo
lunedì martedì mercoledì giovedì venerdì sabato domenica
segunda-feira terça-feira quarta-feira quinta-feira sexta-feira
luni marți miercuri joi vineri sâmbătă duminică
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag
maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina
poniedziałek wtorek środa czwartek piątek sobota niedziela
pondělí úterý středa čtvrtek pátek neděle hétfő kedd szerda csütörtök péntek szombat vasárnap
pazartesi salı çarşamba perşembe cuma cumartesi pazar
Senin Selasa Rabu Kamis Jumat Sabtu Minggu
понедельник вторник среда четверг пятница суббота воскресенье
понеділок вівторок середа четвер п'ятниця субота неділя
Δευτέρα Τρίτη Τετάρτη Πέμπτη Παρασκευή Σάββατο Κυριακή
الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日
月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 月 火 水 木 金 土 日
월요일 화요일 수요일 목요일 금요일 토요일 일요일 월 화 수 목 금 토 일
"""


def month_of(word: str) -> int | None:
    """Return the number of the month that a word names in full, or by its first letters.

    Of two languages that mean different months by one word, the first in the table counts.
    """
    return _months().get(_plain(word))


def is_weekday(word: str) -> bool:
    """Tell whether a word names a day of the week, in full or by its first letters."""
    return _plain(word) in _weekdays()


def day_of_calendar(year: int, month: int, day: int) -> date | None:
    """Return the day, None for what is none, such as the thirtieth of February."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    names = [_plain(name) for name in _MONTHS.split()]
    rows = [names[at : at + 12] for at in range(0, len(names), 12)]
    months: dict[str, int] = {}
    for row in rows:
        for month, name in enumerate(row, 1):
            months.setdefault(name, month)
    for row in rows:
        shared = Counter(start for name in row for start in _starts(name))
        for month, name in enumerate(row, 1):
            for start in _starts(name):
                if shared[start] == 1:
                    months.setdefault(start, month)
    return months


@cache
def _weekdays() -> frozenset[str]:
    names = [_plain(name) for name in _WEEKDAYS.split()]
    return frozenset([*names, *(start for name in names for start in _starts(name))])


def _starts(name: str) -> list[str]:
    return [name[:length] for length in range(_SHORTEST_ABBREVIATION, len(name))]


def _plain(word: str) -> str:
    """Return a word without accents, capitals and a closing point: they come and go."""
    split = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in split if not unicodedata.combining(char)).rstrip(".")

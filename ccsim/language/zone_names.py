"""Time zones as other tools name them, with places of the zone database: facts for `zone_hints`."""

from __future__ import annotations

from functools import cache
from typing import Final

WINDOWS: Final = """
Afghanistan=Asia/Kabul; Alaskan=America/Anchorage; Aleutian=America/Adak; Altai=Asia/Barnaul; Arab=Asia/Riyadh
Arabian=Asia/Dubai; Arabic=Asia/Baghdad; Argentina=America/Argentina/Buenos_Aires; Astrakhan=Europe/Astrakhan
Atlantic=America/Halifax; AUS Central=Australia/Darwin; Aus Central W.=Australia/Eucla
AUS Eastern=Australia/Sydney; Azerbaijan=Asia/Baku; Azores=Atlantic/Azores; Bahia=America/Bahia
Bangladesh=Asia/Dhaka; Belarus=Europe/Minsk; Bougainville=Pacific/Bougainville; Canada Central=America/Regina
Cape Verde=Atlantic/Cape_Verde; Caucasus=Asia/Yerevan; Cen. Australia=Australia/Adelaide
Central America=America/Guatemala; Central Asia=Asia/Bishkek; Central Brazilian=America/Cuiaba
Central Europe=Europe/Budapest; Central European=Europe/Warsaw; Central Pacific=Pacific/Guadalcanal
Central=America/Chicago; Central (Mexico)=America/Mexico_City; Chatham Islands=Pacific/Chatham
China=Asia/Shanghai; Cuba=America/Havana; E. Africa=Africa/Nairobi; E. Australia=Australia/Brisbane
E. Europe=Europe/Chisinau; E. South America=America/Sao_Paulo; Easter Island=Pacific/Easter
Eastern=America/New_York; Eastern (Mexico)=America/Cancun; Egypt=Africa/Cairo; Ekaterinburg=Asia/Yekaterinburg
Fiji=Pacific/Fiji; FLE=Europe/Kyiv; Georgian=Asia/Tbilisi; GMT=Europe/London; Greenland=America/Nuuk
Greenwich=Atlantic/Reykjavik; GTB=Europe/Bucharest; Haiti=America/Port-au-Prince; Hawaiian=Pacific/Honolulu
India=Asia/Kolkata; Iran=Asia/Tehran; Israel=Asia/Jerusalem; Jordan=Asia/Amman; Kaliningrad=Europe/Kaliningrad
Kamchatka=Asia/Kamchatka; Korea=Asia/Seoul; Libya=Africa/Tripoli; Line Islands=Pacific/Kiritimati
Lord Howe=Australia/Lord_Howe; Magadan=Asia/Magadan; Magallanes=America/Punta_Arenas; Marquesas=Pacific/Marquesas
Mauritius=Indian/Mauritius; Middle East=Asia/Beirut; Montevideo=America/Montevideo; Morocco=Africa/Casablanca
Mountain=America/Denver; Mountain (Mexico)=America/Mazatlan; Myanmar=Asia/Yangon; N. Central Asia=Asia/Novosibirsk
Namibia=Africa/Windhoek; Nepal=Asia/Kathmandu; New Zealand=Pacific/Auckland; Newfoundland=America/St_Johns
Norfolk=Pacific/Norfolk; North Asia=Asia/Krasnoyarsk; North Asia East=Asia/Irkutsk; North Korea=Asia/Pyongyang
Omsk=Asia/Omsk; Pacific SA=America/Santiago; Pacific=America/Los_Angeles; Pacific (Mexico)=America/Tijuana
Pakistan=Asia/Karachi; Paraguay=America/Asuncion; Qyzylorda=Asia/Qyzylorda; Romance=Europe/Paris
Russian=Europe/Moscow; SA Eastern=America/Cayenne; SA Pacific=America/Bogota; SA Western=America/La_Paz
Saint Pierre=America/Miquelon; Sakhalin=Asia/Sakhalin; Samoa=Pacific/Apia; Sao Tome=Africa/Sao_Tome
Saratov=Europe/Saratov; SE Asia=Asia/Bangkok; Singapore=Asia/Singapore; South Africa=Africa/Johannesburg
South Sudan=Africa/Juba; Sri Lanka=Asia/Colombo; Sudan=Africa/Khartoum; Syria=Asia/Damascus; Taipei=Asia/Taipei
Tasmania=Australia/Hobart; Tocantins=America/Araguaina; Tokyo=Asia/Tokyo; Tomsk=Asia/Tomsk
Tonga=Pacific/Tongatapu; Transbaikal=Asia/Chita; Turkey=Europe/Istanbul; Turks and Caicos=America/Grand_Turk
Ulaanbaatar=Asia/Ulaanbaatar; US Eastern=America/Indiana/Indianapolis; US Mountain=America/Phoenix
Venezuela=America/Caracas; Vladivostok=Asia/Vladivostok; Volgograd=Europe/Volgograd; W. Australia=Australia/Perth
W. Central Africa=Africa/Lagos; W. Europe=Europe/Berlin; W. Mongolia=Asia/Hovd; West Asia=Asia/Tashkent
West Bank=Asia/Hebron; West Pacific=Pacific/Port_Moresby; Yakutsk=Asia/Yakutsk; Yukon=America/Whitehorse
"""
"""Names of Windows without `Standard Time`, and a place of each."""

PLAIN: Final = """
Alaska=America/Anchorage; Arabia=Asia/Riyadh; Arizona=America/Phoenix; Australian Central=Australia/Adelaide
Australian Eastern=Australia/Sydney; Australian Western=Australia/Perth; Brasilia=America/Sao_Paulo
British=Europe/London; Central Africa=Africa/Harare; Central European=Europe/Berlin; Central Europe=Europe/Berlin
Coordinated Universal=UTC; East Africa=Africa/Nairobi; Eastern Africa=Africa/Nairobi
Eastern European=Europe/Athens; Eastern Europe=Europe/Athens; Greenwich Mean=Europe/London; Gulf=Asia/Dubai
Hawaii=Pacific/Honolulu; Hawaii-Aleutian=Pacific/Honolulu; Indian=Asia/Kolkata; Indiana=America/Indiana/Indianapolis
Indochina=Asia/Bangkok; Irish=Europe/Dublin; Japan=Asia/Tokyo; Korean=Asia/Seoul; Middle European=Europe/Berlin
Moscow=Europe/Moscow; Philippine=Asia/Manila; Saskatchewan=America/Regina; South African=Africa/Johannesburg
UK=Europe/London; Universal=UTC; US Central=America/Chicago; US Eastern=America/New_York
US Mountain=America/Denver; US Pacific=America/Los_Angeles; West Africa=Africa/Lagos; Western European=Europe/Lisbon
Western Europe=Europe/Lisbon; Western Indonesia=Asia/Jakarta
"""
"""What stands before `Time`, `Standard Time`, `Summer Time`, ... in plain words."""

WHOLE: Final = """
Russia Time Zone 3=Europe/Samara; Russia Time Zone 10=Asia/Srednekolymsk; Russia Time Zone 11=Asia/Kamchatka
Z=UTC; Zulu=UTC; utc=UTC; Universal Coordinated Time=UTC
"""
"""Names that have no such ending."""

ABBREVIATIONS: Final = """
ACST=Australia/Adelaide,Australia/Darwin; ACDT=Australia/Adelaide; ADT=America/Halifax; AEDT=Australia/Sydney
AEST=Australia/Sydney,Australia/Brisbane; AET=Australia/Sydney,Australia/Brisbane; AFT=Asia/Kabul
AKDT=America/Anchorage; AKST=America/Anchorage; AMT=America/Manaus,Asia/Yerevan; ART=America/Argentina/Buenos_Aires
AST=America/Halifax,America/Puerto_Rico,Asia/Riyadh; AWST=Australia/Perth; AZOST=Atlantic/Azores; AZT=Asia/Baku
BDT=Asia/Dhaka; BNT=Asia/Brunei; BOT=America/La_Paz; BRT=America/Sao_Paulo; BST=Europe/London,Asia/Dhaka
CAT=Africa/Harare; CDT=America/Chicago,America/Havana; CEST=Europe/Berlin,Europe/Madrid
CET=Europe/Berlin,Europe/Madrid; CHADT=Pacific/Chatham; CHAST=Pacific/Chatham; CHST=Pacific/Guam
CLST=America/Santiago; CLT=America/Santiago; COT=America/Bogota; CST=America/Chicago,Asia/Shanghai,America/Havana
CT=America/Chicago; CVT=Atlantic/Cape_Verde; EAT=Africa/Nairobi; ECT=America/Guayaquil; EDT=America/New_York
EEST=Europe/Athens,Europe/Bucharest; EET=Europe/Athens,Europe/Bucharest; EST=America/New_York; ET=America/New_York
FJT=Pacific/Fiji; GET=Asia/Tbilisi; GMT=Europe/London; GST=Asia/Dubai; HKT=Asia/Hong_Kong; HST=Pacific/Honolulu
ICT=Asia/Bangkok; IDT=Asia/Jerusalem; IRST=Asia/Tehran; IST=Asia/Kolkata,Europe/Dublin,Asia/Jerusalem
JST=Asia/Tokyo; KST=Asia/Seoul; LHDT=Australia/Lord_Howe; LHST=Australia/Lord_Howe; MDT=America/Denver
MEST=Europe/Berlin; MESZ=Europe/Berlin; MET=Europe/Berlin; MEZ=Europe/Berlin; MMT=Asia/Yangon; MSK=Europe/Moscow
MST=America/Denver,America/Phoenix; MT=America/Denver; MVT=Indian/Maldives; MYT=Asia/Kuala_Lumpur
NDT=America/St_Johns; NPT=Asia/Kathmandu; NST=America/St_Johns; NT=America/St_Johns; NZDT=Pacific/Auckland
NZST=Pacific/Auckland; NZT=Pacific/Auckland; PDT=America/Los_Angeles; PET=America/Lima; PHST=Asia/Manila
PHT=Asia/Manila; PKT=Asia/Karachi; PST=America/Los_Angeles,Asia/Manila; PT=America/Los_Angeles
PYT=America/Asuncion; SAST=Africa/Johannesburg; SGT=Asia/Singapore; SLST=Asia/Colombo
SST=Asia/Singapore,Pacific/Pago_Pago; TRT=Europe/Istanbul; UK=Europe/London
US=America/New_York,America/Chicago,America/Los_Angeles; USA=America/New_York,America/Chicago,America/Los_Angeles
UYT=America/Montevideo; UZT=Asia/Tashkent; VET=America/Caracas; WAT=Africa/Lagos; WEST=Europe/Lisbon
WET=Europe/Lisbon; WIB=Asia/Jakarta; WIT=Asia/Jayapura; WITA=Asia/Makassar
"""
"""Abbreviations and the places that use them; several where they mean several things."""

PLACES: Final = """
Abu Dhabi=Asia/Dubai; Ahmedabad=Asia/Kolkata; Alberta=America/Edmonton; Arizona=America/Phoenix
Atlanta=America/New_York; Austin=America/Chicago; Austria=Europe/Vienna; Bangalore=Asia/Kolkata
Bangladesh=Asia/Dhaka; Barcelona=Europe/Madrid; Basel=Europe/Zurich; Bavaria=Europe/Berlin; Beijing=Asia/Shanghai
Belfast=Europe/London; Belgium=Europe/Brussels; Bengaluru=Asia/Kolkata; Birmingham=Europe/London
Boston=America/New_York; Brasilia=America/Sao_Paulo; Brazil=America/Sao_Paulo; Brno=Europe/Prague
Bulgaria=Europe/Sofia; Cairns=Australia/Brisbane; California=America/Los_Angeles; Cape Town=Africa/Johannesburg
Cardiff=Europe/London; Casablanca=Africa/Casablanca; Cebu=Asia/Manila; Charlotte=America/New_York
Chennai=Asia/Kolkata; Chile=America/Santiago; China=Asia/Shanghai; Christchurch=Pacific/Auckland
Cincinnati=America/New_York; Cleveland=America/New_York; Cluj=Europe/Bucharest; Cologne=Europe/Berlin
Colombia=America/Bogota; Colorado=America/Denver; Columbus=America/New_York; Cork=Europe/Dublin
Costa Rica=America/Costa_Rica; Croatia=Europe/Zagreb; Czech Republic=Europe/Prague; Czechia=Europe/Prague
Dallas=America/Chicago; Davao=Asia/Manila; Delhi=Asia/Kolkata; Denmark=Europe/Copenhagen
Dominican Republic=America/Santo_Domingo; Durban=Africa/Johannesburg; Edinburgh=Europe/London
El Paso=America/Denver; England=Europe/London; Estonia=Europe/Tallinn; Finland=Europe/Helsinki
Florida=America/New_York; France=Europe/Paris; Frankfurt=Europe/Berlin; Gdansk=Europe/Warsaw
Geneva=Europe/Zurich; Germany=Europe/Berlin; Glasgow=Europe/London; Gothenburg=Europe/Stockholm
Great Britain=Europe/London; Greece=Europe/Athens; Guadalajara=America/Mexico_City; Guatemala=America/Guatemala
Gurgaon=Asia/Kolkata; Gurugram=Asia/Kolkata; Hamburg=Europe/Berlin; Hanoi=Asia/Bangkok; Honduras=America/Tegucigalpa
Houston=America/Chicago; Hungary=Europe/Budapest; Hyderabad=Asia/Kolkata; Illinois=America/Chicago
India=Asia/Kolkata; Ireland=Europe/Dublin; Islamabad=Asia/Karachi; Italy=Europe/Rome; Kansas City=America/Chicago
Kenya=Africa/Nairobi; Krakow=Europe/Warsaw; Lahore=Asia/Karachi; Las Vegas=America/Los_Angeles
Latvia=Europe/Riga; Leeds=Europe/London; Leipzig=Europe/Berlin; Lithuania=Europe/Vilnius; Liverpool=Europe/London
Lodz=Europe/Warsaw; Lyon=Europe/Paris; Malaysia=Asia/Kuala_Lumpur; Manchester=Europe/London
Marseille=Europe/Paris; Massachusetts=America/New_York; Medellin=America/Bogota; Memphis=America/Chicago
Miami=America/New_York; Milan=Europe/Rome; Milwaukee=America/Chicago; Minneapolis=America/Chicago
Montreal=America/Toronto; Morocco=Africa/Casablanca; Mumbai=Asia/Kolkata; Munich=Europe/Berlin
Nashville=America/Chicago; Nepal=Asia/Kathmandu; Netherlands=Europe/Amsterdam; New Delhi=Asia/Kolkata
New Orleans=America/Chicago; New South Wales=Australia/Sydney; New Zealand=Pacific/Auckland; Nigeria=Africa/Lagos
Noida=Asia/Kolkata; Northern Ireland=Europe/London; Norway=Europe/Oslo; Ohio=America/New_York; Ontario=America/Toronto
Orlando=America/New_York; Osaka=Asia/Tokyo; Ottawa=America/Toronto; Pakistan=Asia/Karachi; Peru=America/Lima
Philadelphia=America/New_York; Philippines=Asia/Manila; Pittsburgh=America/New_York
Portland=America/Los_Angeles,America/New_York; Porto=Europe/Lisbon; Pretoria=Africa/Johannesburg
Pune=Asia/Kolkata; Quebec=America/Toronto; Queensland=Australia/Brisbane; Raleigh=America/New_York
Rio de Janeiro=America/Sao_Paulo; Romania=Europe/Bucharest; Rotterdam=Europe/Amsterdam; Salt Lake City=America/Denver
San Antonio=America/Chicago; San Diego=America/Los_Angeles; San Francisco=America/Los_Angeles
San Jose=America/Los_Angeles,America/Costa_Rica; Scotland=Europe/London; Seattle=America/Los_Angeles
Serbia=Europe/Belgrade; Shenzhen=Asia/Shanghai; Slovakia=Europe/Bratislava; Slovenia=Europe/Ljubljana
South Africa=Africa/Johannesburg; South Korea=Asia/Seoul; Spain=Europe/Madrid; Sri Lanka=Asia/Colombo
St. Louis=America/Chicago; Stuttgart=Europe/Berlin; Sweden=Europe/Stockholm; Switzerland=Europe/Zurich
Taiwan=Asia/Taipei; Tampa=America/New_York; Tel Aviv=Asia/Jerusalem; Texas=America/Chicago; Thailand=Asia/Bangkok
The Netherlands=Europe/Amsterdam; Timisoara=Europe/Bucharest; Tucson=America/Phoenix; Tunisia=Africa/Tunis
UAE=Asia/Dubai; Ukraine=Europe/Kyiv; United Arab Emirates=Asia/Dubai; United Kingdom=Europe/London
Valencia=Europe/Madrid; Victoria=Australia/Melbourne; Vietnam=Asia/Ho_Chi_Minh; Wales=Europe/London
Washington=America/New_York,America/Los_Angeles; Wellington=Pacific/Auckland; Wroclaw=Europe/Warsaw
"""
"""Cities, countries and states that have no zone of their own name; of large countries only those with one clock."""

BY_OFFSET: Final[dict[int, tuple[str | None, str | None]]] = {
    -660: (None, "Pacific/Pago_Pago"),
    -600: ("America/Adak", "Pacific/Honolulu"),
    -570: (None, "Pacific/Marquesas"),
    -540: ("America/Anchorage", "Pacific/Gambier"),
    -480: ("America/Los_Angeles", "Pacific/Pitcairn"),
    -420: ("America/Denver", "America/Phoenix"),
    -360: ("America/Chicago", "America/Costa_Rica"),
    -300: ("America/New_York", "America/Bogota"),
    -240: ("America/Halifax", "America/Puerto_Rico"),
    -210: ("America/St_Johns", None),
    -180: (None, "America/Sao_Paulo"),
    -120: ("America/Nuuk", "America/Noronha"),
    -60: ("Atlantic/Azores", "Atlantic/Cape_Verde"),
    0: ("Europe/London", "UTC"),
    60: ("Europe/Madrid", "Africa/Lagos"),
    120: ("Europe/Athens", "Africa/Johannesburg"),
    180: (None, "Europe/Istanbul"),
    210: (None, "Asia/Tehran"),
    240: (None, "Asia/Dubai"),
    270: (None, "Asia/Kabul"),
    300: (None, "Asia/Karachi"),
    330: (None, "Asia/Kolkata"),
    345: (None, "Asia/Kathmandu"),
    360: (None, "Asia/Dhaka"),
    390: (None, "Asia/Yangon"),
    420: (None, "Asia/Bangkok"),
    480: (None, "Asia/Manila"),
    525: (None, "Australia/Eucla"),
    540: (None, "Asia/Tokyo"),
    570: ("Australia/Adelaide", "Australia/Darwin"),
    600: ("Australia/Sydney", "Australia/Brisbane"),
    630: ("Australia/Lord_Howe", None),
    660: ("Pacific/Norfolk", "Pacific/Guadalcanal"),
    720: ("Pacific/Auckland", "Pacific/Tarawa"),
    765: ("Pacific/Chatham", None),
    780: (None, "Pacific/Tongatapu"),
    840: (None, "Pacific/Kiritimati"),
}
"""Places whose winter time is so many minutes ahead of UTC: one with summer time, one that never changes its clocks."""


@cache
def places_by_name(text: str) -> dict[str, list[str]]:
    """One of the tables above: names in small letters, and their places."""
    pairs = (pair.split("=") for pair in text.replace("\n", ";").split(";") if pair.strip())
    return {name.strip().lower(): places.strip().split(",") for name, places in pairs}

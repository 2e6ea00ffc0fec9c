"""How many guesses find a password: zxcvbn's estimate, with Chinese habits added.

zxcvbn (Wheeler, USENIX Security 2016) knows the 30,000 commonest leaked passwords, names, words,
keyboard walks, repeats, sequences, dates and l33t spelling, and takes the cheapest way to put the
password together from them. Its own entry point keeps the words of the last caller in a global and
reads the clock, so its two pure steps are called here instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from zxcvbn import matching, scoring  # type: ignore[import-untyped]

# the time grows with the square of the length; what comes later cannot make a password weaker
_LOOKED_AT = 32

# what people here put into passwords and an English list does not hold, the commonest first
_CHINESE_HABITS = """
    woaini 520 1314 5201314 woaini520 woaini1314 aini1314 nihao zhongguo beijing shanghai
    guangzhou shenzhen hangzhou chengdu wuhan nanjing tianjin chongqing mima wodemima buzhidao
    woshishui laopo laogong baobei baobao qinaide mama baba meimei gege jiejie didi wang zhang
    liu chen yang huang zhao zhou xiaoming xiaohong wangwei wangfang liwei lina zhangwei
    zhangmin liujie chenjing yangyang caonima tamade woaiwojia woaizhongguo renmin fuwu
    weirenminfuwu dangyuan zhengfu gongwuyuan bangong zhuren shuji gongzuo jiayou fadacai
    gongxifacai yilushunfeng yifanfengshun wanshiruyi xinxiangshichen pingan kuaile xingfu
    jiankang 888888 666666 168168 qq123456 asd123456 abc123456 a123456 aa123456 zxc123456
    qwe123456 admin123 admin888 root123 test123 user123 1qaz2wsx3edc qazwsxedc huawei xiaomi
    alipay taobao weixin wechat tencent
"""


def guesses(password: str, words: Sequence[str] = ()) -> float:
    """The estimated number of guesses; ``words`` are tried first (login, name, context)."""
    if not password:
        return 1.0
    text = password[:_LOOKED_AT]
    dictionaries = {**_DICTIONARIES, "words": matching.build_ranked_dict(list(words))}
    matches = matching.omnimatch(text, dictionaries)
    return float(scoring.most_guessable_match_sequence(text, matches)["guesses"])


# zxcvbn 4.5 knows the years up to 2019
_YEARS = tuple(str(year) for year in range(2020, 2040))

_DICTIONARIES = {
    **matching.RANKED_DICTIONARIES,
    "chinese_habits": matching.build_ranked_dict([*_YEARS, *_CHINESE_HABITS.split()]),
}

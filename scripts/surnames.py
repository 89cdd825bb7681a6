"""Chinese surnames written down for this project: the list, the readings, and the big shares.

The list is the Song-dynasty "Hundred Family Surnames" (public domain) and the modern surnames it
lacks. Readings are given where a surname is not read like the character's commonest sense.
Shares are rounded per mille of the population and serve one purpose: to tell which of two
Latin syllables is the likelier surname (``WEI ZHANG``).
"""

from __future__ import annotations

SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范"
    "彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜"
    "顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路"
    "娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪"
    "包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯"
    "宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖"
    "卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄"
    "晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师"
    "巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公付肖闫代邸佟冼"
    "覃区仝苟苑亢尧晋揭漆甫丛占练褟撒冶丘兰鹿原母亓楚涂谌税植楼展战初修郇鄢信续智揣海补但佘佴岳帅"
    "缑哈笪年爱阳言福麦粟敬邝桥员牟盘雒朴楠库次仓栗桐线斯回才来过丑玉芦银刑奉泮卿降勇旦由塔青拓布"
    "粘乃底卯豆门位闪宛厚商伞迟冒仉督谯缐折召晓敏闯俸昂矫禤侬磨钦"
)

COMPOUND = (
    "欧阳 司马 上官 诸葛 夏侯 东方 皇甫 尉迟 公孙 令狐 司徒 长孙 宇文 慕容 "
    "司空 鲜于 闾丘 太史 申屠 轩辕 钟离 濮阳 淳于 单于 公羊 澹台 公冶 宗政 "
    "公西 漆雕 乐正 壤驷 拓跋 夹谷 宰父 谷梁 段干 百里 东郭 南门 呼延 羊舌 "
    "微生 梁丘 左丘 东门 西门 南宫 第五 赫连 万俟 闻人 太叔 仲孙 端木 巫马 "
    "子车 颛孙 亓官 司寇 独孤 完颜 纳兰 叶赫 那拉 爱新觉罗 "
)

# A surname's own reading where the character's usual one differs. The first entry wins.
READINGS: dict[str, tuple[str, ...]] = {
    "单": ("shan",),
    "仇": ("qiu",),
    "查": ("zha",),
    "解": ("xie",),
    "曾": ("zeng",),
    "区": ("ou",),
    "翟": ("zhai", "di"),
    "盖": ("ge", "gai"),
    "朴": ("piao", "pu"),
    "乐": ("yue", "le"),
    "覃": ("qin", "tan"),
    "员": ("yun",),
    "缪": ("miao",),
    "卜": ("bu",),
    "阚": ("kan",),
    "都": ("du",),
    "薄": ("bo",),
    "逄": ("pang",),
    "折": ("she",),
    "黑": ("he",),
    "秘": ("bi",),
    "洗": ("xian",),
    "种": ("chong",),
    "繁": ("po",),
    "费": ("fei", "bi"),
    "郇": ("xun", "huan"),
    "郗": ("xi", "chi"),
    "隗": ("wei", "kui"),
    "召": ("shao",),
    "祭": ("zhai",),
    "会": ("gui",),
    "句": ("gou",),
    "佴": ("nai",),
    "乜": ("nie",),
    "谌": ("chen", "shen"),
    "牟": ("mu", "mou"),
    "万俟": ("mo qi",),
    "尉迟": ("yu chi",),
    "单于": ("chan yu",),
    "长孙": ("zhang sun",),
    "澹台": ("tan tai",),
    "令狐": ("ling hu",),
    "亓官": ("qi guan",),
    "鲜于": ("xian yu",),
    "夏侯": ("xia hou",),
    "皇甫": ("huang fu",),
    "呼延": ("hu yan",),
    "宰父": ("zai fu",),
    "乐正": ("yue zheng",),
    "子车": ("zi ju",),
    "夹谷": ("jia gu",),
    "南宫": ("nan gong",),
    "第五": ("di wu",),
}

PER_MILLE: dict[str, int] = {
    **dict.fromkeys("王李", 72),
    "张": 68,
    "刘": 53,
    "陈": 46,
    "杨": 31,
    "黄": 23,
    **dict.fromkeys("赵吴周", 20),
    **dict.fromkeys("徐孙马", 14),
    **dict.fromkeys("朱胡林郭何高罗郑", 11),
    **dict.fromkeys("梁谢宋唐许邓冯韩", 8),
    **dict.fromkeys("曹曾彭萧蔡潘田董袁于", 6),
    **dict.fromkeys("余叶蒋杜苏魏程吕丁沈任姚卢傅钟", 5),
    **dict.fromkeys("姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段", 4),
    **dict.fromkeys("雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤", 3),
    **dict.fromkeys("付肖闫代温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿", 2),
    **dict.fromkeys("关兰焦俞左柳甘祝包", 2),
}

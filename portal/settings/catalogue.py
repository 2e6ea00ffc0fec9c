"""Every setting with its type and meaning: what the operator's guide shows and ``load`` obeys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.settings import read

Value = str | int | bool | Path | tuple[str, ...] | tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """``read`` raises ``Unexpected``; the value of a ``hidden`` one is never shown."""

    name: str
    type: str
    read: Callable[[object], Value]
    zh: str
    en: str
    hidden: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"PORTAL_{self.name.upper()}"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "data_dir",
        "path",
        read.folder,
        "数据文件夹：portal.db、备份、密钥",
        "folder of portal.db, its backups and the secret",
    ),
    Setting(
        "database",
        "text",
        read.file_name,
        "数据文件夹里数据库文件的名字",
        "name of the database file in the data folder",
    ),
    Setting(
        "content_dir",
        "path",
        read.folder,
        "含 courses/ 和 quizzes/ 的文件夹",
        "folder that holds courses/ and quizzes/",
    ),
    Setting(
        "host",
        "text",
        read.text,
        "监听的地址；0.0.0.0 表示所有网卡",
        "address to listen on; 0.0.0.0 is every network card",
    ),
    Setting("port", "number", read.whole(0, 65535), "监听的端口", "port to listen on"),
    Setting(
        "base_url",
        "address",
        read.origin,
        "人们在浏览器里输入的网址；设置后只接受这个来源",
        "address that people type; once set, only this origin is accepted",
    ),
    Setting(
        "tz",
        "text",
        read.zone,
        "显示日期和时间用的时区（记录一律为 UTC）",
        "time zone of the dates and times shown (records are in UTC)",
    ),
    Setting(
        "password_profile",
        "djbh2 | asvs",
        read.one_of("djbh2", "asvs"),
        "口令规则：djbh2 等保二级（组成与定期更换），asvs 长度加常见口令表",
        "password rules: djbh2 (composition and rotation) or asvs (length and a common list)",
    ),
    Setting(
        "idle_minutes",
        "number",
        read.whole(5, 1440),
        "多少分钟不操作即退出",
        "minutes without activity after which a sign-in ends",
    ),
    Setting(
        "absolute_hours",
        "number",
        read.whole(1, 168),
        "登录后最多多少小时须重新登录",
        "hours after which a sign-in ends in any case",
    ),
    Setting(
        "tls",
        "true | false",
        read.yes_no,
        "浏览器经 HTTPS 访问：Cookie 加 Secure，发送 HSTS；base_url 为 https 时自动为 true",
        "browsers come over HTTPS: Secure cookies, HSTS; true by itself when base_url is https",
    ),
    Setting(
        "allowed_hosts",
        "list",
        read.names,
        "除 base_url 外还可用来访问的主机名",
        "host names accepted beside that of base_url",
    ),
    Setting(
        "trusted_proxies",
        "list",
        read.networks,
        "可信的反向代理地址：只信它们给出的 X-Forwarded-For 和 X-Forwarded-Proto",
        "reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed",
    ),
    Setting(
        "max_upload_mb",
        "number",
        read.whole(1, 200),
        "单个上传文件的上限（MB）",
        "largest file that can be uploaded (MB)",
    ),
    Setting(
        "content_review",
        "second | own",
        read.one_of("second", "own"),
        "在浏览器里发布内容：second 须由另一人审核，own 只有一名培训师时可自己审核（记入日志）",
        "publishing in the browser: second needs another person's review, own lets a lone trainer "
        "review alone (noted in the log)",
    ),
    Setting(
        "statutes_dir",
        "text",
        read.text,
        "放法规官方文本（Markdown）的文件夹，相对于数据文件夹；放进去的文件十分钟内导入",
        "folder of official statute texts (Markdown), relative to the data folder; files dropped "
        "there are imported within ten minutes",
    ),
    Setting(
        "oidc_issuer",
        "address",
        read.issuer,
        "统一身份认证（OIDC）的签发者网址；不填则只用本地账号",
        "issuer of OIDC sign-in; local accounts alone when empty",
    ),
    Setting(
        "oidc_client_id",
        "text",
        read.text,
        "在认证平台登记的客户端标识",
        "client id registered with the issuer",
    ),
    Setting(
        "oidc_client_secret",
        "text",
        read.text,
        "客户端密钥",
        "client secret registered with the issuer",
        hidden=True,
    ),
    Setting(
        "oidc_login_claim",
        "text",
        read.text,
        "首次登录时用哪个声明对应本系统的登录名",
        "claim that names the portal's login at the first sign-in",
    ),
    Setting(
        "holidays",
        "list",
        read.days,
        "放假的日子（YYYY-MM-DD，一段写成 起..止）：不练习也不断连续天数",
        "days off (YYYY-MM-DD, a range as from..to), on which a row of practice days is not broken",
    ),
    Setting(
        "workdays",
        "list",
        read.days,
        "调休上班的周末（写法同上）",
        "weekend days that are worked in exchange (written alike)",
    ),
    Setting(
        "smtp_host",
        "text",
        read.text,
        "发提醒邮件的 SMTP 服务器；不填则不发邮件",
        "SMTP server for reminders; no mail is sent when empty",
    ),
    Setting(
        "smtp_port",
        "number",
        read.whole(1, 65535),
        "SMTP 端口：STARTTLS 一般 587，TLS 一般 465",
        "its port: 587 is usual for STARTTLS, 465 for TLS",
    ),
    Setting(
        "smtp_security",
        "starttls | tls | none",
        read.one_of("starttls", "tls", "none"),
        "与 SMTP 服务器之间的加密；none 只用于本机",
        "encryption on the way to it; none is for the same machine only",
    ),
    Setting(
        "smtp_user",
        "text",
        read.text,
        "SMTP 用户名；不填则不登录",
        "user name there; no sign-in when empty",
    ),
    Setting(
        "smtp_password",
        "text",
        read.text,
        "SMTP 密码，宜用环境变量给出",
        "its password; give it by the environment",
        hidden=True,
    ),
    Setting(
        "mail_from",
        "e-mail",
        read.email,
        "提醒邮件的发件地址",
        "address that reminders come from",
    ),
    Setting(
        "secret",
        "text",
        read.long_secret,
        "签名用的密钥，各进程须相同；不填则首次启动时生成到数据文件夹的 secret 文件",
        "key for signatures, the same in all processes; made in the data folder when empty",
        hidden=True,
    ),
)

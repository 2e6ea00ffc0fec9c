// Streamlit's own words in Chinese: labels, dialogs and texts for screen readers that its
// settings cannot translate. What people wrote (text, code, charts, tables) is left alone.
(() => {
  "use strict";
  const WORDS = {
    "Skip to main content": "跳到主要内容",
    "Main menu": "菜单",
    "App pages": "页面",
    "Navigate to home page": "回首页",
    "Sidebar": "侧栏",
    "Expand sidebar": "展开侧栏",
    "Collapse sidebar": "收起侧栏",
    "Open": "展开",
    "Close": "关闭",
    "Cancel": "取消",
    "Copy": "复制",
    "Copied": "已复制",
    "Copy to clipboard": "复制",
    "Print": "打印",
    "Rerun": "刷新",
    "Settings": "设置",
    "Theme": "外观",
    "System": "跟随系统",
    "Light": "浅色",
    "Dark": "深色",
    "About": "关于",
    "Running...": "正在处理…",
    "Stop": "停止",
    "Stop script": "停止",
    "Try again": "再试一次",
    "Notifications": "通知",
    "Link to heading": "标题链接",
    "Footnotes": "脚注",
    "Choose an option": "请选择",
    "Choose options": "请选择",
    "Select...": "请选择",
    "Select all": "全选",
    "Selected values": "已选",
    "No results": "没有找到",
    "No content": "没有内容",
    "No data": "没有数据",
    "empty": "空",
    "Clear value": "清除",
    "Clear all": "全部清除",
    "Clear entry": "清除",
    "Clear date": "清除日期",
    "Clear dates": "清除日期",
    "Clear time": "清除时间",
    "Clear date and time": "清除日期和时间",
    "Clear selection": "取消选择",
    "Increment": "增加",
    "Decrement": "减少",
    "Choose date": "选择日期",
    "Choose date range": "选择起止日期",
    "Choose date and time": "选择日期和时间",
    "Quick select a date range": "快速选择时间段",
    "Past Week": "最近一周",
    "Past Month": "最近一个月",
    "Past 3 Months": "最近三个月",
    "Past 6 Months": "最近半年",
    "Past Year": "最近一年",
    "Past 2 Years": "最近两年",
    "Previous month": "上个月",
    "Next month": "下个月",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.":
      "用方向键选日期，回车确定，Esc 关闭。",
    "Pagination": "分页",
    "Previous page": "上一页",
    "Next page": "下一页",
    "Scroll tabs left": "向左滚动标签",
    "Scroll tabs right": "向右滚动标签",
    "Upload": "上传",
    "Add files": "添加文件",
    "file upload": "上传文件",
    "Drag and drop a file here": "把文件拖到这里",
    "Drag and drop files here": "把文件拖到这里",
    "Error uploading file": "文件没有传上去",
    "Send message": "发送",
    "Fullscreen": "全屏",
    "Toggle fullscreen": "全屏",
    "Close fullscreen": "退出全屏",
    "Search": "搜索",
    "Close Search": "关闭搜索",
    "Next Result": "下一处",
    "Previous Result": "上一处",
    "Download as CSV": "下载 CSV",
    "Download as PNG": "下载图片",
    "Save as PNG": "保存为图片",
    "Save as SVG": "保存为矢量图",
    "Show data": "显示数据",
    "Show chart": "显示图表",
    "Show/hide columns": "显示或隐藏列",
    "Dataframe column menu": "列菜单",
    "Sort ascending": "升序",
    "Sort descending": "降序",
    "Pin column": "固定这一列",
    "Unpin column": "取消固定",
    "Hide column": "隐藏这一列",
    "Copy column name": "复制列名",
    "Autosize": "自动列宽",
    "Format": "格式",
    "Statistics": "统计",
    "Add row": "添加一行",
    "Delete row(s)": "删除行",
    "Loading mermaid diagram": "正在画图",
    "Video player": "视频",
    "Audio player": "音频",
    "Feedback rating": "评分",
    "Page not found": "没有这一页",
    "Connection error": "连接中断",
    "Connection timed out.": "连接超时，正在重试。",
    "Reconnected to server.": "已重新连接。",
    "Connection lost. Please wait for the app to reconnect, then try again.":
      "连接中断。请等它恢复，再试一次。",
    "An error has occurred, please try again.": "刚才没有成功，请再试一次。",
    "Script execution error": "这一页出错了",
    "Failed to load data": "数据没有加载出来",
    "Connecting": "正在连接",
    "CONNECTING": "正在连接",
  };
  const PATTERNS = [
    [/^([\d.]+)\s?MB per file$/, "每个文件不超过 $1 MB"],
    [/^([\d.]+)\s?MB per file • (.+)$/, "每个文件不超过 $1 MB • $2"],
    [/^Limit ([\d.]+)\s?MB per file(?: • (.+))?$/, "每个文件不超过 $1 MB"],
    [/^Press Enter to (?:apply|submit form)$/, "按回车键确定"],
    [/^Press ⌘\+Enter to (?:apply|submit form)$/, "按 ⌘+回车确定"],
    [/^Press Ctrl\+Enter to (?:apply|submit form)$/, "按 Ctrl+回车确定"],
    // a button of a chart names the chart
    [/^(Fullscreen|Close fullscreen|Show data|Show chart|Download as PNG): (.+)$/s,
      (_, label, chart) => `${WORDS[label]}：${chart}`],
    [/^(?:Error: )?(?:\S+|This type of) files are not allowed\.$/,
      "不能上传这种文件，请换成这里写明的格式。"],
    [/^(?:Error: )?File must be (.+) or smaller\.$/, "文件不能超过 $1。"],
    [/^Help for (.+)$/s, "$1：说明"],
    [/^Remove (.+)$/, "移除 $1"],
    [/^(.+), press backspace to delete$/, "$1，按退格键移除"],
    [/^You can only select up to (\d+) options?\. Remove an option first\.$/, "最多选 $1 项，请先移除一项。"],
    [/^You have requested page \S+, but no corresponding file was found.*$/s,
      "没有找到这一页。它可能已下线，或链接写错了。已打开首页。"],
    [/^The page that you have requested does not seem to exist.*$/s,
      "没有找到这一页。它可能已下线，或链接写错了。已打开首页。"],
    [/^(?:Is Streamlit still running\?|Connection failed with status|Streamlit server is not responding).*$/s,
      "连不上服务器，正在自动重试。已保存的答案都在；请检查网络，稍等片刻。"],
    [/^This app has encountered an error\..*$/s,
      "刚才的操作没有完成，已保存的内容都在。请刷新页面再试；仍不行，请联系管理员。"],
  ];
  const ATTRIBUTES = ["aria-label", "placeholder", "title", "alt"];
  const OTHERS = "[data-testid=stMarkdown],[data-testid=stMarkdownContainer],[data-testid=stHtml],[data-testid=stCode]," +
    "[data-testid=stTable],[data-testid=stMetric],textarea,svg,canvas,script,style";
  // Streamlit's, though it is Markdown
  const ITS_OWN = "[data-testid=stFileUploader] button,[data-testid=stTooltipContent]";

  const inChinese = (text) => {
    const words = text.trim();
    if (!words || words.length > 400) return null;
    if (Object.hasOwn(WORDS, words)) return text.replace(words, () => WORDS[words]);
    for (const [pattern, chinese] of PATTERNS)
      if (pattern.test(words)) return words.replace(pattern, chinese);
    return null;
  };

  const translate = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const parent = node.parentElement;
      if (parent?.closest(OTHERS) && !parent.closest(ITS_OWN)) return;
      const chinese = inChinese(node.data);
      if (chinese !== null) node.data = chinese;
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      translateAttributes(node);
      if (!node.matches(OTHERS) || node.closest(ITS_OWN)) node.childNodes.forEach(translate);
    }
  };

  const translateAttributes = (element) => {
    for (const name of ATTRIBUTES) {
      const text = element.getAttribute(name);
      const chinese = text === null ? null : inChinese(text);
      if (chinese !== null && chinese !== text) element.setAttribute(name, chinese);
    }
  };

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(translate);
      else if (change.type === "attributes") translateAttributes(change.target);
      else translate(change.target);
    }
  }).observe(document.body, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  });
})();

#include "cli/svg_text.h"

#include <algorithm>
#include <vector>

#include "cli/table.h"

namespace tributary::cli {
namespace {

// The code points of text that Printable has made valid.
std::vector<std::string_view> CodePoints(std::string_view text) {
  std::vector<std::string_view> points;
  for (size_t at = 0; at < text.size();) {
    size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    points.push_back(text.substr(at, end - at));
    at = end;
  }
  return points;
}

// U+0300..U+036F stand over the character before them.
bool IsCombining(std::string_view point) {
  return point.size() == 2 && (point[0] == '\xcc' || (point[0] == '\xcd' && point[1] < '\xb0'));
}

// Hundredths of the font size.
int64_t Advance(std::string_view point) {
  if (point.size() > 1) {
    if (IsCombining(point)) return 0;
    return point.size() == 2 ? 75 : 105;
  }
  const char c = point[0];
  if (std::string_view("il.,:;'|!()[]/ jtf-").find(c) != std::string_view::npos) return 42;
  if (std::string_view("mwMW@%").find(c) != std::string_view::npos) return 98;
  return c >= 'A' && c <= 'Z' ? 76 : 64;
}

// U+FFFE and U+FFFF are no characters of XML.
bool IsForbidden(std::string_view point) {
  return point == "\xef\xbf\xbe" || point == "\xef\xbf\xbf";
}

}  // namespace

std::string XmlText(std::string_view text) {
  const std::string printable = Printable(text);
  std::string out;
  for (const std::string_view point : CodePoints(printable)) {
    if (point == "<") {
      out += "&lt;";
    } else if (point == ">") {
      out += "&gt;";
    } else if (point == "&") {
      out += "&amp;";
    } else if (point == "\"") {
      out += "&quot;";
    } else if (point == "'") {
      out += "&#39;";
    } else {
      out += IsForbidden(point) ? std::string_view("?") : point;
    }
  }
  return out;
}

int64_t TextWidth(std::string_view text, int64_t size_px) {
  int64_t width = 0;
  for (const std::string_view point : CodePoints(text)) width += Advance(point);
  return width * size_px;
}

std::string CutToWidth(std::string_view text, int64_t size_px, int64_t width) {
  const std::string printable = Printable(text);
  if (TextWidth(printable, size_px) <= width) return printable;
  const size_t slash = printable.rfind('/');
  if (slash != std::string::npos) {
    const std::string last = "…" + printable.substr(slash);
    if (TextWidth(last, size_px) <= width) return last;
  }
  const std::vector<std::string_view> points = CodePoints(printable);
  int64_t left = width - TextWidth("…", size_px);
  size_t head = 0;
  size_t tail = points.size();
  // In turn at both ends; the end gets the odd one.
  for (bool at_end = true; head < tail; at_end = !at_end) {
    const int64_t next = Advance(at_end ? points[tail - 1] : points[head]) * size_px;
    if (next > left) break;
    left -= next;
    at_end ? --tail : ++head;
  }
  while (tail < points.size() && IsCombining(points[tail])) ++tail;
  std::string out;
  for (size_t i = 0; i < head; ++i) out += points[i];
  out += "…";
  for (size_t i = tail; i < points.size(); ++i) out += points[i];
  return out;
}

}  // namespace tributary::cli

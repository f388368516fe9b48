// Text in an SVG picture: escaping, widths, and cutting names to a width.
#ifndef TRIBUTARY_CLI_SVG_TEXT_H_
#define TRIBUTARY_CLI_SVG_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace tributary::cli {

// Text from the chain, which is hostile, as XML character data or an attribute's value: control
// characters, marks that turn the writing direction and what XML forbids become '?', and < > & " '
// are escaped.
std::string XmlText(std::string_view text);

// An upper estimate of the width in hundredths of a pixel, for the common sans-serif fonts.
// `size_px` is the font size.
int64_t TextWidth(std::string_view text, int64_t size_px);

// The text, cut with an ellipsis where it is wider than `width`: before its last slash, for what
// follows that tells names apart, or else in the middle, for names that share a beginning mostly
// differ at the end. Made of what Printable leaves.
std::string CutToWidth(std::string_view text, int64_t size_px, int64_t width);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_SVG_TEXT_H_

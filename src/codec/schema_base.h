// What a schema is; the schemas themselves stand in schema_*.h, all of them in schema.h.
#ifndef TRIBUTARY_CODEC_SCHEMA_BASE_H_
#define TRIBUTARY_CODEC_SCHEMA_BASE_H_

namespace tributary::codec {

// The fields of the message T, once: Visit shows each in ascending order, with its number, name,
// member and rule, to a visitor V that reads (MessageReader) or writes (MessageWriter). M is T or
// const T.
template <class T>
struct Schema;

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_SCHEMA_BASE_H_

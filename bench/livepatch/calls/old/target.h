#pragma once
long Padded(long x);
long Plain(long x);  // without room for a jump

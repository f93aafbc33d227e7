#pragma once

constexpr int kVersion = 1;

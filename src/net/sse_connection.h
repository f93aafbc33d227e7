// The receiver's end of an event stream: callbacks over one socket, no coroutine and no buffer while nothing happens.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "net/event_queue.h"
#include "net/io_thread.h"

namespace propolis::net {

template <class Stream>
class SseConnection final : public Connection, public std::enable_shared_from_this<SseConnection<Stream>> {
 public:
  SseConnection(IoThread& thread, Stream stream, ConnectionCounter::Ticket ticket, std::shared_ptr<EventQueue> queue)
      : thread_(thread), stream_(std::move(stream)), ticket_(std::move(ticket)), queue_(std::move(queue)) {
    thread_.shared.streams.Add(1);
    thread_.Add(*this);
  }

  ~SseConnection() override {
    queue_->Gone();
    thread_.shared.streams.Add(-1);
  }

  void Start() {
    last_write_ = thread_.now;
    queue_->Attach([weak = this->weak_from_this(), executor = thread_.context.get_executor()] {
      asio::post(executor, [weak] {
        if (const auto self = weak.lock()) {
          self->Flush();
        }
      });
    });
    Read();
    Flush();
    if (thread_.stopping) {
      StopSoon();
    }
  }

  void Sweep(SteadyTime now) override {
    const auto& options = thread_.shared.options;
    if (writing_) {
      if (now - last_write_ > options.write_timeout) {
        Abort();
      }
    } else if (now - last_write_ >= options.keep_awake) {
      static const auto comment = std::make_shared<const std::string>(":\n\n");
      batch_.push_back(comment);
      Write();
    }
  }

  void StopSoon() override {
    // Spread over some seconds, so that the next server is not stormed.
    const auto spread = reinterpret_cast<std::uintptr_t>(this) / 64 % 3000;
    queue_->Send(SseRetry(std::chrono::milliseconds(500 + spread)));
    queue_->Close();
  }

  void Abort() override {
    boost::system::error_code ignored;
    stream_.lowest_layer().close(ignored);
    queue_->Gone();
  }

 private:
  // Nothing should come: a read only notices that the client has left.
  void Read() {
    stream_.async_read_some(asio::buffer(inbox_),
                            [self = this->shared_from_this()](const boost::system::error_code& error, std::size_t n) {
                              self->received_ += n;
                              if (error || self->received_ > kMaxReceived) {
                                self->Abort();
                                return;
                              }
                              self->Read();
                            });
  }

  void Flush() {
    if (writing_ || !stream_.lowest_layer().is_open()) {
      return;
    }
    auto taken = queue_->Take();
    if (taken.messages.empty()) {
      if (taken.closed) {
        Abort();
      }
      return;
    }
    batch_ = std::move(taken.messages);
    Write();
  }

  void Write() {
    writing_ = true;
    last_write_ = thread_.now;
    std::vector<asio::const_buffer> buffers;
    buffers.reserve(batch_.size());
    for (const auto& message : batch_) {
      buffers.emplace_back(asio::buffer(*message));
    }
    asio::async_write(stream_, std::move(buffers),
                      [self = this->shared_from_this()](const boost::system::error_code& error, std::size_t) {
                        self->writing_ = false;
                        self->batch_ = {};
                        if (error) {
                          self->Abort();
                          return;
                        }
                        self->Flush();
                      });
  }

  static constexpr std::size_t kMaxReceived = 4096;

  IoThread& thread_;
  Stream stream_;
  ConnectionCounter::Ticket ticket_;
  std::shared_ptr<EventQueue> queue_;
  std::vector<EventQueue::Message> batch_;
  SteadyTime last_write_;
  std::size_t received_ = 0;
  std::array<char, 16> inbox_{};
  bool writing_ = false;
};

}  // namespace propolis::net

#include <muster/runtime/loop_thread.hpp>

#include <exception>
#include <utility>

#include <pthread.h>

namespace muster {

LoopThread::LoopThread(std::string name, std::function<void(std::string const&)> failed) {
    thread_ = std::thread([this, name = std::move(name), failed = std::move(failed)] {
        pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
        try {
            loop_.run();
        } catch (std::exception const& error) {
            failed(name + ": " + error.what());
        }
    });
}

LoopThread::~LoopThread() {
    loop_.finish();
    thread_.join();
}

}  // namespace muster

#include <demo/personality.hpp>
#include <demo/program.hpp>

int main(int argc, char** argv) {
    return muster::demo::run(muster::demo::email_blast(), argc, argv);
}

export XDG_RUNTIME_DIR=/tmp TENSORAMA_LESSONS=/root/lessons-base
cd /root/tr/ex
perf record -F 997 --call-graph fp -o m.data /root/tr/ex/sym draw-only convolution --size 1280x720 2>&1 | tail -1

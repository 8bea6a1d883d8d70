/* A teacher that answers at once: what is measured against it is the client. One thread, epoll, connections kept open.
   usage: instant_server [ANSWER_BYTES]   prints its port, then the number of requests at its end (SIGTERM). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT = 1 << 16, CONNECTIONS = 4096, EVENTS = 256 };

typedef struct {
  char input[INPUT];
  size_t count;
} connection;

static connection *open_connections[CONNECTIONS];
static volatile sig_atomic_t stopping;
static unsigned long request_count;
static size_t answer_bytes = 600;

static void stop(int number) {
  (void)number;
  stopping = 1;
}

/* The bytes of the first whole request in the input; 0 where it is not whole. */
static size_t request_size(const char *input, size_t count) {
  const char *end = memmem(input, count, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t head = (size_t)(end - input) + 4;
  const char *length = memmem(input, head, "ontent-Length:", 14);
  size_t body = length ? strtoul(length + 14, NULL, 10) : 0;
  return count < head + body ? 0 : head + body;
}

static int answer(int client) {
  static char body[1 << 16], response[(1 << 16) + 512];
  int start = snprintf(
      body, sizeof body,
      "{\"model\":\"instant\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
      "{\"role\":\"assistant\",\"content\":\"> request %lu\\n< ",
      request_count++);
  size_t size = (size_t)start;
  for (size_t end = size + answer_bytes; size < end; size++) body[size] = (char)('a' + (size * 7 + request_count) % 26);
  size += (size_t)snprintf(
      body + size, sizeof body - size,
      "\"}}],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":150,\"total_tokens\":170}}");
  int head = snprintf(
      response, sizeof response, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
      size);
  memcpy(response + head, body, size);
  size_t left = (size_t)head + size, done = 0;
  while (left > 0) {
    ssize_t sent = send(client, response + done, left, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) continue;
    if (sent <= 0) return -1;
    done += (size_t)sent;
    left -= (size_t)sent;
  }
  return 0;
}

static void drop(int client) {
  free(open_connections[client]);
  open_connections[client] = NULL;
  close(client);
}

static void serve(int client) {
  connection *own = open_connections[client];
  ssize_t got = recv(client, own->input + own->count, INPUT - own->count, 0);
  if (got <= 0) {
    if (got == 0 || errno != EAGAIN) drop(client);
    return;
  }
  own->count += (size_t)got;
  size_t size;
  while ((size = request_size(own->input, own->count)) > 0) {
    if (answer(client) < 0) {
      drop(client);
      return;
    }
    memmove(own->input, own->input + size, own->count - size);
    own->count -= size;
  }
  if (own->count == INPUT) drop(client);
}

static void take(int listener, int queue) {
  int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK), on = 1;
  if (client < 0) return;
  if (client >= CONNECTIONS || !(open_connections[client] = calloc(1, sizeof(connection)))) {
    close(client);
    return;
  }
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_ctl(queue, EPOLL_CTL_ADD, client, &(struct epoll_event){.events = EPOLLIN, .data.fd = client});
}

int main(int count, char **arguments) {
  if (count > 1) answer_bytes = strtoul(arguments[1], NULL, 10);
  if (answer_bytes > 32768) return 64;
  signal(SIGTERM, stop);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), queue = epoll_create1(0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1024) ||
      getsockname(listener, (struct sockaddr *)&address, &size))
    return 69;
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  epoll_ctl(queue, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN, .data.fd = listener});
  struct epoll_event events[EVENTS];
  while (!stopping) {
    int ready = epoll_wait(queue, events, EVENTS, 1000);
    for (int index = 0; index < ready; index++) {
      if (events[index].data.fd == listener)
        take(listener, queue);
      else
        serve(events[index].data.fd);
    }
  }
  printf("%lu\n", request_count);
  return 0;
}

"""A mail server on loopback that keeps what it is given: for what leaves the house by mail."""

import socketserver
import threading


class PostOffice(socketserver.ThreadingTCPServer):
    """`letters`: (sender, receivers, bytes) each. `refuses`: the command that it says no to, as "RCPT"."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, refuses=None):
        self.letters, self.refuses = [], refuses
        super().__init__(("127.0.0.1", 0), Counter)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __exit__(self, *why):
        self.shutdown()
        super().__exit__(*why)


class Counter(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        sender, receivers = "", []
        self.say("220 made-up post office")
        for raw in self.rfile:
            line = raw.decode().strip()
            match line[:4].upper():
                case verb if verb == self.server.refuses:
                    self.say("550 not here")
                case "EHLO":
                    self.say("250-made-up")
                    self.say("250 8BITMIME")
                case "MAIL":
                    sender = line.partition(":")[2].split()[0].strip("<>")
                    self.say("250 good")
                case "RCPT":
                    receivers.append(line.partition(":")[2].strip("<>"))
                    self.say("250 good")
                case "DATA":
                    self.say("354 go on")
                    self.server.letters.append((sender, receivers, b"".join(iter(self.rfile.readline, b".\r\n"))))
                    self.say("250 taken")
                case "QUIT":
                    return self.say("221 goodbye")
                case _:
                    self.say("250 good")

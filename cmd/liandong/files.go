package main

import (
	"errors"
	"os"

	"liandong/node"
)

type filesCommand struct {
	Move filesMoveCommand `cmd:"" help:"迁移附件到对象存储,或迁回目录 (move the attachments to an object store, or back)."`
}

type filesMoveCommand struct {
	Dir string `help:"节点的目录 (folder of the node)." default:"." env:"LIANDONG_DIR" placeholder:"DIR" type:"path"`
	To  string `help:"folder,或 https://主机:端口/桶[/前缀][?region=区域][&style=host] (folder, or a bucket)." required:"" placeholder:"URL"`
	Key string `help:"密钥文件,两行:AccessKey 与其密钥 (file of two lines: access key and secret)." placeholder:"FILE" type:"existingfile"`
	jsonFlag
}

func (filesMoveCommand) Help() string {
	return `附件默认在节点目录的 files 中。多个进程共用一个数据库、又没有共享目录时,附件应放在对象存储(S3 协议)里。
先停止服务:全部复制完毕,才在 node.json 中记下新的位置,再删除原处的副本;中断后再运行一次即接着做。
密钥另存于目录的 files.key(权限 0600),不在备份里;备份照样含全部附件。

例 (examples):
  liandong files move --dir /srv/liandong --to https://minio.example:9000/liandong --key /root/minio.key
  liandong files move --dir /srv/liandong --to folder`
}

func (c filesMoveCommand) Run(t *terminal) error {
	var key []byte
	address := c.To
	if address == "folder" {
		address = ""
	} else {
		if c.Key == "" {
			return errors.New("迁往对象存储须以 --key 给出密钥文件 (an object store needs --key)")
		}
		var err error
		if key, err = os.ReadFile(c.Key); err != nil {
			return err
		}
	}
	m, err := node.MoveFiles(c.Dir, address, key)
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(m)
	}
	t.say("已迁移 %d 个附件,%d 字节 (moved)", m.Files, m.Bytes)
	return nil
}
